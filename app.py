"""What `streamlit run app.py` serves: the pages and, where API_KEYS is set, the API beside them."""

from __future__ import annotations

import streamlit as st

from core.web.served import lifespan, middleware, routes

app = st.App("navigation.py", routes=routes(), middleware=middleware(), lifespan=lifespan)
