"""What several pages show, and a folder for each page with the parts that only it shows."""
