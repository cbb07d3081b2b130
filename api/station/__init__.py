"""The station: witnesses that somebody clocks in or out, here and now."""
