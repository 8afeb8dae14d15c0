"""The weekly report: what stands in it, how it becomes a file, and when it is made by itself."""
