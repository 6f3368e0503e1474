//! Numbers in, numbers out: no Arrow, no DataFusion, no I/O, no clock.
