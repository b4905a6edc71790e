"""What a browser has sent: Streamlit holds it in memory until the session ends, unless it is released."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile


def held(*keys: str) -> list[UploadedFile]:
    """The files that uploaders and cameras of these keys hold."""
    found = [st.session_state.get(key) for key in keys]
    return [file for some in found for file in (some if isinstance(some, list) else [some]) if file is not None]


def release(*keys: str) -> None:
    """Frees the server's memory of what uploaders and cameras of these keys hold; they then need other keys."""
    context = get_script_run_ctx()
    for file in held(*keys) if context is not None else ():
        context.uploaded_file_mgr.remove_file(session_id=context.session_id, file_id=file.file_id)
