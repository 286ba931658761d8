"""What proves where a selfie came from: signed reports, content credentials, and their verification."""
