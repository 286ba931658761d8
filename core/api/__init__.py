"""What other software talks to: keys, the HTTP API, webhooks. Off unless keys are configured. Knows no page."""
