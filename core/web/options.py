"""What is told from outside: Streamlit's secrets, and the environment, which wins."""

from __future__ import annotations

import os
from collections.abc import Mapping

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

Options = Mapping[str, str]


def options() -> Options:
    """Names in capitals to their values. Tables of the secrets file, such as [auth], are Streamlit's own affair."""
    try:
        secrets = {name: str(value) for name, value in st.secrets.items() if isinstance(value, (str, int, float))}
    except StreamlitSecretNotFoundError:
        secrets = {}
    return {**secrets, **os.environ}


def has_login() -> bool:
    """Streamlit's OIDC login is configured: the secrets have an [auth] table."""
    try:
        return "auth" in st.secrets
    except StreamlitSecretNotFoundError:
        return False


def switched_on(options: Options, name: str) -> bool:
    """True for 1, true, yes and on."""
    return options.get(name, "").strip().lower() in {"1", "true", "yes", "on"}
