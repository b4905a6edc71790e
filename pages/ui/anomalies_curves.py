"""The curves over all thresholds, and how each class fares when it is the one held out."""

import streamlit as st

from aecore.anomaly import confusion, precision_recall_curve, roc_curve
from aecore.figures.detection import precision_recall_chart, roc_chart
from pages.ui.anomalies_found import Found
from pages.ui.anomalies_normal import PAGE
from pages.ui.anomalies_stage import CHART, Setting


def curves(found: Found, setting: Setting) -> None:
    """Draws both curves beside chance, with the threshold as a point on each."""
    if not found.has_abnormal:
        return
    normal, abnormal = found.of("normal", setting.score), found.of("abnormal", setting.score)
    entry, counted = found.value["scores"][setting.score], confusion(normal, abnormal, setting.threshold)
    false_alarms, detections, _ = roc_curve(normal, abnormal)
    precision, recall, _ = precision_recall_curve(normal, abnormal)
    share = counted.abnormal / (counted.normal + counted.abnormal)
    left, right = st.columns(2, gap="medium")
    with left:
        interval = f", {entry['auroc_low']:.3f}–{entry['auroc_high']:.3f}" if entry["auroc_low"] is not None else ""
        st.markdown(f"**ROC**, area {entry['auroc']:.3f}{interval}")
        chart = roc_chart(false_alarms, detections, (counted.false_alarms / counted.normal, counted.recall))
        alt = f"ROC curve, area {entry['auroc']:.3f}, chance is 0.5"
        st.plotly_chart(chart, key=f"{PAGE}.roc", alt=alt, **CHART)
    with right:
        st.markdown(f"**Precision and recall**, average precision {entry['average_precision']:.3f}")
        at = (counted.recall, counted.precision) if counted.precision is not None else None
        chart = precision_recall_chart(recall, precision, share, at)
        alt = f"Precision over recall, average precision {entry['average_precision']:.3f}, chance is {share:.3f}"
        st.plotly_chart(chart, key=f"{PAGE}.precision", alt=alt, **CHART)
