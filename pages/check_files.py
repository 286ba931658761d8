"""Photos and clips from files, judged by the same core as the command line."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.files.clip import CLIP_SUFFIXES
from core.files.error import FileError
from core.files.photo import PHOTO_SUFFIXES
from core.files.rows import FileRow, count_reasons, count_verdicts, matching, to_csv, to_json
from core.server.process import forget_when_closed
from core.settings import Settings
from core.vision.assets import AssetError
from core.web.file_table import empty, error_text, reason_text, table
from core.web.language import asset_text, own_words, text
from core.web.page import open_page

settings = Settings()
limits = settings.upload
ALL = "all"


def judge(uploads: Sequence[UploadedFile], rows: dict[str, FileRow]) -> None:
    """Judge what is new. Rows are kept one by one, so that a click in between loses none."""
    # Imported late: MediaPipe takes seconds to load, and the page should stand before that.
    from core.files.batch import FileChecker

    waiting = [upload for upload in uploads if upload.file_id not in rows]
    bar = st.progress(0.0)
    with FileChecker(settings) as checker:
        for number, upload in enumerate(waiting, 1):

            def progress(share: float, number: int = number) -> None:
                words = text("check.working", number=number, total=len(waiting))
                bar.progress((number - 1 + share) / len(waiting), words)

            progress(0.0)
            if number > limits.files:
                rows[upload.file_id] = FileRow(
                    upload.name, False, error=FileError("file_too_many", files=str(limits.files))
                )
            else:
                rows[upload.file_id] = checker.check(upload.name, upload.getvalue(), progress)


def drop_box(rows: dict[str, FileRow]) -> None:
    turn = st.session_state.setdefault("check_turn", 0)
    st.html(own_words(choose="check.choose"))
    with st.container(key="drop"):
        uploads = st.file_uploader(
            text("check.drop"),
            PHOTO_SUFFIXES + CLIP_SUFFIXES,
            accept_multiple_files=True,
            max_upload_size=limits.file_mb,
            key=f"check_uploads_{turn}",
            label_visibility="collapsed",
        )
        st.caption(
            text(
                "check.limits",
                megapixels=round(settings.files.max_megapixels),
                seconds=round(limits.clip_s),
                megabytes=limits.file_mb,
                files=limits.files,
            )
        )
    if not uploads:
        return
    try:
        judge(uploads, rows)
    except AssetError as error:
        st.error(f"{text('check.model_trouble')} {asset_text(error)}")
        return
    # A fresh box: the files themselves are let go of as soon as they are judged.
    st.session_state["check_turn"] = turn + 1
    st.rerun()


def filters(rows: Sequence[FileRow]) -> list[FileRow]:
    counts = count_verdicts(rows)
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        verdict = st.segmented_control(
            text("check.show"),
            [ALL, *(verdict for verdict, count in counts.items() if count)],
            format_func=lambda name: (
                f"{text('check.all')} {len(rows)}" if name == ALL else f"{text(f'verdict.{name}')} {counts[name]}"
            ),
            key="check_verdict",
            default=ALL,
            required=True,
        )
        reasons = count_reasons(rows)
        reason = st.selectbox(
            text("check.reason"),
            [None, *reasons],
            format_func=lambda name: f"{reason_text(name)} ({reasons[name]})" if name else text("check.any_reason"),
            key="check_reason",
            disabled=not reasons,
            width=260,
        )
    return matching(rows, None if verdict == ALL else verdict, reason)


def downloads(shown: Sequence[FileRow]) -> None:
    with st.container(horizontal=True, width="content", key="check_downloads"):
        for kind, data, mime in (
            ("csv", to_csv(shown, error_text), "text/csv"),
            ("json", to_json(shown, error_text), "application/json"),
        ):
            st.download_button(
                text(f"check.{kind}"),
                data,
                f"selfie-check.{kind}",
                mime,
                icon=":material/download:",
                on_click="ignore",
                disabled=not shown,
            )
        if st.button(text("check.clear"), icon=":material/delete:", key="check_clear"):
            rows.clear()
            st.rerun()


def listing(shown: Sequence[FileRow], total: int) -> None:
    st.caption(text("check.shown", shown=len(shown), total=total))
    if not shown:
        st.info(text("check.none_left"))
        return
    seen = st.session_state.setdefault("check_seen", limits.rows)
    st.html(table(shown[:seen]))
    left = len(shown) - seen
    if left > 0 and st.button(text("check.more", count=min(left, limits.rows)), key="check_more"):
        st.session_state["check_seen"] = seen + limits.rows
        st.rerun()


open_page("check.title", "files.css")
if "check_rows" not in st.session_state:
    st.session_state["check_rows"] = {}
    forget_when_closed(st.session_state["check_rows"].clear)
rows: dict[str, FileRow] = st.session_state["check_rows"]
st.markdown(text("check.lead"))
drop_box(rows)
if rows:
    everything = list(rows.values())
    shown = filters(everything)
    downloads(shown)
    listing(shown, len(everything))
else:
    st.markdown(empty(), unsafe_allow_html=True)
st.caption(f"{text('check.privacy')} {text('check.liveness')}")
