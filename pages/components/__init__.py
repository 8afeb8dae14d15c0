"""What several pages show, and the little JavaScript that draws what Streamlit has no element for."""
