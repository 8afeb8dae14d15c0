"""Score a file: drop it in, check how it was read, take the result away."""

import streamlit as st

from pages.components import frame
from pages.components.score_csv.csv_job import csv_job
from pages.components.score_csv.csv_preview import csv_preview
from pages.components.score_csv.csv_upload import CSV, upload
from pages.components.threshold_slider import threshold_slider

center = frame.center()
threshold_slider(center)
frame.title("Score a CSV", "Drop in an export of your CRM. Rows that cannot be used are listed; all others are scored.")

if CSV.job in st.session_state:
    csv_job(center)
elif (path := CSV.chosen()) is not None:
    csv_preview(center, path)
else:
    upload(center)
