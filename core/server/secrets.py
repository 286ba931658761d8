"""The options of this server: Streamlit's secrets, and the environment, which wins."""

from __future__ import annotations

import os

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from core.options import Options


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
