//! The steps, one file per kind of object.

mod address;
mod admin_up;
mod bridge;
mod folder;
mod gateway;
mod member;
mod memif;
mod memif_socket;
mod mtu;
mod pod_route;
mod proxy_arp;
mod rx_mode;
mod socket_access;
mod table;
mod tag;
mod unnumbered;
mod vhost_user;

pub use address::Address;
pub use admin_up::AdminUp;
pub use bridge::Bridge;
pub use folder::Folder;
pub use gateway::{GATEWAY_TAG, Gateway};
pub use member::Member;
pub use memif::Memif;
pub use memif_socket::MemifSocket;
pub use mtu::Mtu;
pub use pod_route::PodRoute;
pub use proxy_arp::ProxyArp;
pub use rx_mode::RxMode;
pub use socket_access::SocketAccess;
pub use table::Table;
pub use tag::Tag;
pub use unnumbered::Unnumbered;
pub use vhost_user::VhostUser;
