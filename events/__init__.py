"""The programme: series, theme days, sessions, speakers, released programmes, calendar objects."""
