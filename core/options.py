"""What is configured from outside, by name."""

from __future__ import annotations

from collections.abc import Mapping

Options = Mapping[str, str]
"""Names in capitals to their values; `core.server.secrets` reads them from the environment and Streamlit's secrets."""


def switched_on(options: Options, name: str) -> bool:
    """True for 1, true, yes and on."""
    return options.get(name, "").strip().lower() in {"1", "true", "yes", "on"}
