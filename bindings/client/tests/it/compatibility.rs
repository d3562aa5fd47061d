use vpp_client::Client;
use vpp_client::table::{MessageCompatibility, Presence};
use vpp_wire::Message;

use crate::messages::{Changed, Echo, Missing};
use crate::peer::serve;

#[tokio::test]
async fn report_distinguishes_absent_and_changed_messages() {
    let client = serve().await;
    assert!(client.supports::<Echo>());
    assert!(!client.supports::<Missing>() && !client.supports::<Changed>());
    let messages = [
        (Echo::NAME, Echo::CRC),
        (Missing::NAME, Missing::CRC),
        (Changed::NAME, Changed::CRC),
        // A prefix of an existing name.
        ("ech", 1),
    ];
    let report = client.check(&messages);
    assert!(!report.is_complete());
    let found: Vec<_> = report.messages().iter().map(|line| line.presence).collect();
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
    let names = |lines: Vec<&MessageCompatibility>| -> Vec<_> {
        lines.into_iter().map(|line| line.name.clone()).collect()
    };
    assert_eq!(names(report.present().collect()), ["echo"]);
    assert_eq!(names(report.absent().collect()), ["missing", "ech"]);
    assert_eq!(names(report.conflicts().collect()), ["changed"]);
    assert_eq!(
        client.check(&messages[..1]).to_string(),
        "VPP has all 1 messages"
    );
}

const ECHO: (&str, u32) = (Echo::NAME, Echo::CRC);
const ABSENT: (&str, u32) = (Missing::NAME, Missing::CRC);
const CONFLICT: (&str, u32) = (Changed::NAME, Changed::CRC);
const MATCHING: (&str, u32) = (Changed::NAME, 0xcccc);

#[tokio::test]
async fn best_match_has_the_fewest_conflicts_then_the_most_messages() {
    let client = serve().await;
    let best_match = |sets: [&'static [(&'static str, u32)]; 2]| {
        let labelled = [("first", sets[0]), ("second", sets[1])];
        client.best_match(labelled).map(|found| found.label)
    };
    // Fewer messages, but no conflict.
    assert_eq!(best_match([&[ECHO, CONFLICT], &[ECHO]]), Some("second"));
    // More messages present. Absent messages are only compared afterwards.
    assert_eq!(
        best_match([&[ECHO], &[ECHO, MATCHING, ABSENT]]),
        Some("second")
    );
    // Equal numbers of present messages, and fewer absent ones.
    assert_eq!(best_match([&[ECHO, ABSENT], &[ECHO]]), Some("second"));
    // Equal sets.
    assert_eq!(best_match([&[ECHO], &[ECHO]]), Some("first"));
    // A set without a present message is not a match, even without conflicts.
    assert_eq!(best_match([&[ABSENT], &[ECHO, CONFLICT]]), Some("second"));
    assert_eq!(best_match([&[ABSENT], &[CONFLICT]]), None);
    assert_eq!(client.best_match::<()>([]), None);
}

#[tokio::test]
async fn best_match_reports_its_conflicts() {
    let client = serve().await;
    let messages: &[_] = &[ECHO, CONFLICT, ABSENT];
    let found = client.best_match([("v1", messages)]).unwrap();
    assert_eq!(
        found.to_string(),
        "v1: VPP has 1 of 3 messages, and 1 with another CRC\n\
         changed: this program has CRC 0000000c, VPP has 0000cccc"
    );
    let found = client.best_match([(2, &messages[..1])]).unwrap();
    assert_eq!(found.to_string(), "2: VPP has 1 of 1 messages");
    let (lazy, _connection) = Client::builder().connect_lazy().unwrap();
    assert_eq!(lazy.best_match([("v1", messages)]), None);
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
