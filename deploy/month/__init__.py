"""A borough's month: four weeks of every flow on real parts, time stepped, and a report with plots."""
