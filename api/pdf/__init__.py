"""Paper: certificates and reports as PDF, and the QR code that leads from paper to the proof."""
