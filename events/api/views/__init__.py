"""The doors of the programme's API: translate a request, call one function, shape the answer."""
