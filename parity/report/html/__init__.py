"""What does a person see in a browser? One page that stands alone.

`page` renders; `views` says what stands where, `drawing` lays out the graph
around a divergence, `figures_data` what the charts and tables show. Templates,
style and scripts lie beside them as files; uPlot draws the charts.
"""
