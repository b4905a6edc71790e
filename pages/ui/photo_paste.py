"""Pasting a picture anywhere on the page puts it where files are dropped; Streamlit's own uploader cannot do that."""

import streamlit as st

_PASTE = st.components.v2.component(
    "photo_paste",
    html="<span>\n</span>",
    js="""
    const listeners = new WeakMap();

    export default function ({ data, parentElement }) {
      listeners.get(parentElement)?.();
      const pasted = event => {
        const files = [...(event.clipboardData?.files ?? [])].filter(file => file.type.startsWith("image/"));
        const input = document.querySelector(`.st-key-${data} input[type=file]`);
        if (!files.length || !input) return;
        const given = new DataTransfer();
        for (const file of files) given.items.add(file);
        input.files = given.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
        event.preventDefault();
      };
      document.addEventListener("paste", pasted);
      const stop = () => document.removeEventListener("paste", pasted);
      listeners.set(parentElement, stop);
      return stop;
    }
    """,
)


def listen(uploader: str) -> None:
    """Gives pasted pictures to the uploader whose container has this key."""
    _PASTE(key=f"{uploader}.paste", data=uploader)
