"""Train on your own closings: drop in an export, say what success is, and see how sure the model can be."""

import streamlit as st

from pages.components import frame
from pages.components.train.train_job import train_job
from pages.components.train.train_setup import train_setup
from pages.components.train.train_upload import TRAINING, upload

center = frame.center()
frame.title("Train", "Learn from your own closings, see how sure the result is, and let it answer only if it is good.")

if TRAINING.job in st.session_state:
    train_job(center)
elif (path := TRAINING.chosen()) is not None:
    train_setup(center, path)
else:
    upload(center)
