"""What managers ask of the record: funnel, cohorts, channels, forecasts, tests, segments; the leads behind figures."""
