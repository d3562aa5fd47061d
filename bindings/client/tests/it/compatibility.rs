use vpp_client::{Client, Presence};
use vpp_wire::Message;

use crate::messages::{Changed, Echo, Missing};
use crate::peer::serve;

#[tokio::test]
async fn a_report_tells_absent_from_changed() {
    let client = serve().await;
    assert!(client.supports::<Echo>());
    assert!(!client.supports::<Missing>() && !client.supports::<Changed>());
    let asked = [
        (Echo::NAME, Echo::CRC),
        (Missing::NAME, Missing::CRC),
        (Changed::NAME, Changed::CRC),
        // A name that only begins like one that is there.
        ("ech", 1),
    ];
    let report = client.check(&asked);
    assert!(!report.is_complete());
    let found: Vec<_> = report.lines().iter().map(|line| line.presence).collect();
    let changed = Presence::OtherCrc { vpp: 0xcccc };
    assert_eq!(
        found,
        [
            Presence::Present,
            Presence::Absent,
            changed,
            Presence::Absent
        ]
    );
    assert_eq!(report.get("changed"), Some(changed));
    assert_eq!(
        report.to_string(),
        "missing: this VPP does not have it\n\
         changed: this program has CRC 0000000c, VPP has 0000cccc\n\
         ech: this VPP does not have it"
    );
    assert_eq!(client.check(&asked[..1]).to_string(), "all 1 messages fit");
}

#[tokio::test]
async fn the_message_table_can_be_read() {
    let client = serve().await;
    let table = client.message_table();
    let id = table.get(Echo::KEY).unwrap();
    assert_eq!(table.key(id), Some(Echo::KEY));
    assert_eq!(table.iter().count(), table.len());
    assert!(table.iter().any(|entry| entry == (Echo::KEY, id)));
    let (lazy, _connection) = Client::builder().connect_lazy().unwrap();
    assert!(lazy.message_table().is_empty());
}
