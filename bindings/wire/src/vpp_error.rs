use std::fmt;

/// VPP's error number: the negative `retval` of a refused request.
///
/// Every number is valid. The constants are those of VPP 26.06 (`src/vnet/error.h`). No number
/// has changed its meaning since v22.10.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub struct VppError(pub i32);

impl VppError {
    /// VPP's symbol without `VNET_API_ERROR_`, if the number is known.
    #[must_use]
    pub fn symbol(self) -> Option<&'static str> {
        self.entry().map(|(_, symbol, _)| symbol)
    }

    /// The meaning of the number, if it is known.
    #[must_use]
    pub fn meaning(self) -> Option<&'static str> {
        self.entry().map(|(_, _, meaning)| meaning)
    }

    /// The number of a symbol, with or without `VNET_API_ERROR_`.
    #[must_use]
    pub fn from_symbol(symbol: &str) -> Option<Self> {
        let symbol = symbol.strip_prefix("VNET_API_ERROR_").unwrap_or(symbol);
        let mut entries = TABLE.iter();
        entries
            .find(|(_, known, _)| *known == symbol)
            .map(|(number, ..)| Self(*number))
    }

    fn entry(self) -> Option<(i32, &'static str, &'static str)> {
        let at = TABLE
            .binary_search_by(|(number, ..)| self.0.cmp(number))
            .ok()?;
        TABLE.get(at).copied()
    }
}

/// Prints `-105 (ADDRESS_IN_USE: address in use / overlaps)`.
impl fmt::Display for VppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.entry() {
            Some((number, symbol, meaning)) => write!(f, "{number} ({symbol}: {meaning})"),
            None => write!(f, "{} (not an error number of VPP 26.06)", self.0),
        }
    }
}

impl fmt::Debug for VppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.symbol() {
            Some(symbol) => f.write_str(symbol),
            None => write!(f, "VppError({})", self.0),
        }
    }
}

macro_rules! errors {
    ($($number:literal $symbol:ident $meaning:literal;)*) => {
        impl VppError {
            $(
                #[doc = $meaning]
                pub const $symbol: Self = Self($number);
            )*
        }

        /// By descending number.
        const TABLE: &[(i32, &str, &str)] = &[$(($number, stringify!($symbol), $meaning)),*];
    };
}

errors! {
    -1 UNSPECIFIED "generic failure";
    -2 INVALID_SW_IF_INDEX "bad/hidden sw_if_index";
    -3 NO_SUCH_FIB "FIB table id unknown";
    -4 NO_SUCH_INNER_FIB "inner FIB unknown";
    -5 NO_SUCH_LABEL "label unknown";
    -6 NO_SUCH_ENTRY "object not found";
    -7 INVALID_VALUE "bad value (1st)";
    -8 INVALID_VALUE_2 "bad value (2nd)";
    -9 UNIMPLEMENTED "not implemented";
    -10 INVALID_SW_IF_INDEX_2 "2nd sw_if_index bad";
    -11 SYSCALL_ERROR_1 "system call 1 of the handler failed";
    -12 SYSCALL_ERROR_2 "system call 2 of the handler failed";
    -13 SYSCALL_ERROR_3 "system call 3 of the handler failed";
    -14 SYSCALL_ERROR_4 "system call 4 of the handler failed";
    -15 SYSCALL_ERROR_5 "system call 5 of the handler failed";
    -16 SYSCALL_ERROR_6 "system call 6 of the handler failed";
    -17 SYSCALL_ERROR_7 "system call 7 of the handler failed";
    -18 SYSCALL_ERROR_8 "system call 8 of the handler failed";
    -19 SYSCALL_ERROR_9 "system call 9 of the handler failed";
    -20 SYSCALL_ERROR_10 "system call 10 of the handler failed";
    -30 FEATURE_DISABLED "feature off by config";
    -31 INVALID_REGISTRATION "(un)registration conflict";
    -50 NEXT_HOP_NOT_IN_FIB "next hop absent from FIB";
    -51 UNKNOWN_DESTINATION "destination unknown";
    -52 NO_PATHS_IN_ROUTE "route has no paths";
    -53 NEXT_HOP_NOT_FOUND_MP "multipath next hop absent";
    -54 NO_MATCHING_INTERFACE "no interface for probe";
    -55 INVALID_VLAN "VLAN id bad";
    -56 VLAN_ALREADY_EXISTS "VLAN sub-if exists";
    -57 INVALID_SRC_ADDRESS "source address bad";
    -58 INVALID_DST_ADDRESS "destination address bad";
    -59 ADDRESS_LENGTH_MISMATCH "prefix length wrong";
    -60 ADDRESS_NOT_FOUND_FOR_INTERFACE "address not on interface";
    -61 ADDRESS_NOT_DELETABLE "address cannot be removed";
    -62 IP6_NOT_ENABLED "IPv6 off on interface";
    -63 NO_SUCH_NODE "graph node unknown";
    -64 NO_SUCH_NODE2 "2nd graph node unknown";
    -65 NO_SUCH_TABLE "table unknown";
    -66 NO_SUCH_TABLE2 "2nd table unknown";
    -67 NO_SUCH_TABLE3 "3rd table unknown";
    -68 SUBIF_ALREADY_EXISTS "sub-if (or memif) exists";
    -69 SUBIF_CREATE_FAILED "sub-if creation failed";
    -70 INVALID_MEMORY_SIZE "memory size bad";
    -71 INVALID_INTERFACE "interface bad";
    -72 INVALID_VLAN_TAG_COUNT "tag count bad";
    -73 INVALID_ARGUMENT "argument bad";
    -74 UNEXPECTED_INTF_STATE "interface state forbids it";
    -75 TUNNEL_EXIST "tunnel exists";
    -76 INVALID_DECAP_NEXT "decap-next bad";
    -77 RESPONSE_NOT_READY "reply not ready";
    -78 NOT_CONNECTED "no dataplane connection";
    -79 IF_ALREADY_EXISTS "interface exists";
    -80 BOND_SLAVE_NOT_ALLOWED "bond member refused";
    -81 VALUE_EXIST "value exists";
    -82 SAME_SRC_DST "source equals destination";
    -83 IP6_MULTICAST_ADDRESS_NOT_PRESENT "needs IPv6 multicast address";
    -84 SR_POLICY_NAME_NOT_PRESENT "needs SR policy name";
    -85 NOT_RUNNING_AS_ROOT "needs root";
    -86 ALREADY_CONNECTED "already connected";
    -87 UNSUPPORTED_JNI_VERSION "JNI version";
    -88 IP_PREFIX_INVALID "host bits set in prefix";
    -89 INVALID_WORKER "worker thread bad";
    -90 LISP_DISABLED "LISP off";
    -91 CLASSIFY_TABLE_NOT_FOUND "classify table unknown";
    -92 INVALID_EID_TYPE "EID type unsupported";
    -93 CANNOT_CREATE_PCAP_FILE "pcap file not creatable";
    -94 INCORRECT_ADJACENCY_TYPE "adjacency type wrong";
    -95 EXCEEDED_NUMBER_OF_RANGES_CAPACITY "range capacity exceeded";
    -96 EXCEEDED_NUMBER_OF_PORTS_CAPACITY "port capacity exceeded";
    -97 INVALID_ADDRESS_FAMILY "address family bad";
    -98 INVALID_SUB_SW_IF_INDEX "sub-if sw_if_index bad";
    -99 TABLE_TOO_BIG "table/reply too large";
    -100 CANNOT_ENABLE_DISABLE_FEATURE "feature toggle refused";
    -101 BFD_EEXIST "BFD duplicate";
    -102 BFD_ENOENT "BFD not found";
    -103 BFD_EINUSE "BFD in use";
    -104 BFD_NOTSUPP "BFD unsupported";
    -105 ADDRESS_IN_USE "address in use / overlaps";
    -106 ADDRESS_NOT_IN_USE "address not in use";
    -107 QUEUE_FULL "queue full";
    -108 APP_UNSUPPORTED_CFG "app config unsupported";
    -109 URI_FIFO_CREATE_FAILED "FIFO segment creation failed";
    -110 LISP_RLOC_LOCAL "RLOC is local";
    -111 BFD_EAGAIN "BFD busy";
    -112 INVALID_GPE_MODE "GPE mode bad";
    -113 LISP_GPE_ENTRIES_PRESENT "GPE entries exist";
    -114 ADDRESS_FOUND_FOR_INTERFACE "interface has an address";
    -115 SESSION_CONNECT "session connect failed";
    -116 ENTRY_ALREADY_EXISTS "entry exists";
    -117 SVM_SEGMENT_CREATE_FAIL "SVM segment creation failed";
    -118 APPLICATION_NOT_ATTACHED "app not attached";
    -119 BD_ALREADY_EXISTS "BD exists";
    -120 BD_IN_USE "BD has members";
    -121 BD_NOT_MODIFIABLE "BD 0 protected";
    -122 BD_ID_EXCEED_MAX "BD id above 2^24-1";
    -123 SUBIF_DOESNT_EXIST "sub-if missing";
    -124 L2_MACS_EVENT_CLINET_PRESENT "L2 MAC event client taken";
    -125 INVALID_QUEUE "queue bad";
    -126 UNSUPPORTED "unsupported";
    -127 DUPLICATE_IF_ADDRESS "duplicate interface address";
    -128 APP_INVALID_NS "app namespace bad";
    -129 APP_WRONG_NS_SECRET "namespace secret wrong";
    -130 APP_CONNECT_SCOPE "connect scope";
    -131 APP_ALREADY_ATTACHED "app already attached";
    -132 SESSION_REDIRECT "redirect failed";
    -133 ILLEGAL_NAME "name not allowed";
    -134 NO_NAME_SERVERS "no DNS servers";
    -135 NAME_SERVER_NOT_FOUND "DNS server not found";
    -136 NAME_RESOLUTION_NOT_ENABLED "DNS disabled";
    -137 NAME_SERVER_FORMAT_ERROR "DNS format error";
    -138 NAME_SERVER_NO_SUCH_NAME "DNS name unknown";
    -139 NAME_SERVER_NO_ADDRESSES "DNS no addresses";
    -140 NAME_SERVER_NEXT_SERVER "try next DNS server";
    -141 APP_CONNECT_FILTERED "connect filtered";
    -142 ACL_IN_USE_INBOUND "ACL used inbound";
    -143 ACL_IN_USE_OUTBOUND "ACL used outbound";
    -144 INIT_FAILED "init failed";
    -145 NETLINK_ERROR "netlink failure";
    -146 BIER_BSL_UNSUP "BIER BSL unsupported";
    -147 INSTANCE_IN_USE "instance in use";
    -148 INVALID_SESSION_ID "session id range";
    -149 ACL_IN_USE_BY_LOOKUP_CONTEXT "ACL used by lookup ctx";
    -150 INVALID_VALUE_3 "bad value (3rd)";
    -151 NON_ETHERNET "not Ethernet";
    -152 BD_ALREADY_HAS_BVI "BD already has a BVI";
    -153 INVALID_PROTOCOL "protocol bad";
    -154 INVALID_ALGORITHM "algorithm bad";
    -155 RSRC_IN_USE "resource in use";
    -156 KEY_LENGTH "key length bad";
    -157 FIB_PATH_UNSUPPORTED_NH_PROTO "path protocol unsupported";
    -159 API_ENDIAN_FAILED "endian self-test failed";
    -160 NO_CHANGE "nothing changed";
    -161 MISSING_CERT_KEY "cert/key missing";
    -162 LIMIT_EXCEEDED "limit exceeded";
    -163 IKE_NO_PORT "port not IKE-managed";
    -164 UDP_PORT_TAKEN "UDP port taken";
    -165 EAGAIN "call again with cursor";
    -166 INVALID_VALUE_4 "bad value (4th)";
    -167 BUSY "busy";
    -168 BUG "internal bug (error without code)";
    -169 FEATURE_ALREADY_DISABLED "feature already off";
    -170 FEATURE_ALREADY_ENABLED "feature already on";
    -171 INVALID_PREFIX_LENGTH "prefix length bad";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_numbers_have_a_symbol_and_a_meaning() {
        assert_eq!(
            VppError(-105).to_string(),
            "-105 (ADDRESS_IN_USE: address in use / overlaps)"
        );
        assert_eq!(
            VppError::from_symbol("VNET_API_ERROR_EAGAIN"),
            Some(VppError(-165))
        );
    }

    #[test]
    fn every_entry_is_found_by_number_and_symbol() {
        assert_eq!(TABLE.len(), 143);
        for (number, symbol, _) in TABLE {
            assert_eq!(VppError(*number).symbol(), Some(*symbol));
            assert_eq!(VppError::from_symbol(symbol), Some(VppError(*number)));
        }
    }

    #[test]
    fn unknown_numbers_are_printed() {
        assert_eq!(format!("{:?}", VppError(-9999)), "VppError(-9999)");
        assert_eq!(
            VppError(-9999).to_string(),
            "-9999 (not an error number of VPP 26.06)"
        );
    }
}
