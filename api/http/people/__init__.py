"""Sign-in, tokens, share links and what a person sees of themselves over HTTP."""
