//! API definitions of VPP 26.06 as data: names, types, numbers, CRCs.
