use vpp_stats::views::{Interfaces, System};

use crate::segment::{interfaces, open};

#[test]
fn counters_are_summed_over_threads() {
    let segment = interfaces(
        &[Some("local0"), Some("loop0")],
        &[[0, 0], [3, 300]],
        &[1, 2],
    );
    let mut stats = open(segment.finish());
    let mut view = Interfaces::new();
    let rows = view.read(&mut stats).unwrap();
    assert_eq!(
        (rows[1].rx.packets, rows[1].rx.bytes, rows[1].drops),
        (6, 600, 2)
    );
}

#[test]
fn counters_that_vpp_lacks_are_zero() {
    let segment = interfaces(&[Some("local0")], &[], &[]);
    let mut stats = open(segment.finish());
    let mut view = Interfaces::new();
    assert_eq!(view.read(&mut stats).unwrap()[0].tx.packets, 0);
    let mut system = System::new();
    let system = system.read(&mut stats).unwrap();
    assert_eq!((system.heartbeat, system.boottime), (7, 0));
}

#[test]
fn a_view_forgets_interfaces_that_are_gone() {
    let mut view = Interfaces::new();
    let two = interfaces(&[Some("local0"), Some("loop0")], &[[1, 1], [2, 2]], &[0, 0]);
    assert_eq!(view.read(&mut open(two.finish())).unwrap().len(), 2);
    let one = interfaces(
        &[Some("local0"), Some("deleted")],
        &[[1, 1], [2, 2]],
        &[0, 0],
    );
    assert_eq!(view.read(&mut open(one.finish())).unwrap().len(), 1);
}
