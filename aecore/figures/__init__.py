"""Figures: pure functions of numbers and images. Numbers first, drawing second, and the empty case is a case.

Nothing is imported here, because Plotly takes half a second: take `curves`, `distributions`… one by one.
"""
