use vpp_client::{Client, CompatibilityLine, Presence};
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
    let names = |lines: Vec<&CompatibilityLine>| -> Vec<_> {
        lines.into_iter().map(|line| line.name.clone()).collect()
    };
    assert_eq!(names(report.present().collect()), ["echo"]);
    assert_eq!(names(report.absent().collect()), ["missing", "ech"]);
    assert_eq!(names(report.conflicts().collect()), ["changed"]);
    assert_eq!(client.check(&asked[..1]).to_string(), "all 1 messages fit");
}

const ECHO: (&str, u32) = (Echo::NAME, Echo::CRC);
const ABSENT: (&str, u32) = (Missing::NAME, Missing::CRC);
const CONFLICT: (&str, u32) = (Changed::NAME, Changed::CRC);
const AGREED: (&str, u32) = (Changed::NAME, 0xcccc);

#[tokio::test]
async fn the_closest_set_has_the_fewest_conflicts_then_most_messages() {
    let client = serve().await;
    let closest = |sets: [&'static [(&'static str, u32)]; 2]| {
        let labelled = [("first", sets[0]), ("second", sets[1])];
        client.closest(labelled).map(|fit| fit.label)
    };
    // Fewer messages, but no conflict.
    assert_eq!(closest([&[ECHO, CONFLICT], &[ECHO]]), Some("second"));
    // More of them there; what is absent does not count against that.
    assert_eq!(closest([&[ECHO], &[ECHO, AGREED, ABSENT]]), Some("second"));
    // An older release has all that VPP has, a newer one more.
    assert_eq!(closest([&[ECHO, ABSENT], &[ECHO]]), Some("second"));
    // Both fit.
    assert_eq!(closest([&[ECHO], &[ECHO]]), Some("first"));
    // A set of which nothing is there says nothing, even if nothing conflicts.
    assert_eq!(closest([&[ABSENT], &[ECHO, CONFLICT]]), Some("second"));
    assert_eq!(closest([&[ABSENT], &[CONFLICT]]), None);
    assert_eq!(client.closest::<()>([]), None);
}

#[tokio::test]
async fn the_closest_set_says_what_conflicts() {
    let client = serve().await;
    let messages: &[_] = &[ECHO, CONFLICT, ABSENT];
    let fit = client.closest([("v1", messages)]).unwrap();
    assert_eq!(
        fit.to_string(),
        "v1: VPP has 1 of 3 messages, and 1 with another CRC\n\
         changed: this program has CRC 0000000c, VPP has 0000cccc"
    );
    let fit = client.closest([(2, &messages[..1])]).unwrap();
    assert_eq!(fit.to_string(), "2: VPP has 1 of 1 messages");
    let (lazy, _connection) = Client::builder().connect_lazy().unwrap();
    assert_eq!(lazy.closest([("v1", messages)]), None);
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
