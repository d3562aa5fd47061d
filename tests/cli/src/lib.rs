//! memifAddDel, vhostUserAddDel, ipAddDel: small programs that configure a running VPP.
