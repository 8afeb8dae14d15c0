"""Files of leads: looked at, scored in the background, by processes beside this one or a cluster."""
