//! Tests of a segment's growth and limits. Its content is tested over the socket.

use std::time::Duration;

use super::heap::Full;
use super::interface_counter::InterfaceCounter;
use super::memory::Memory;
use super::segment::{Change, Segment};
use super::system;
use super::table::Table;
use super::*;
use crate::Release;

const SIZE: usize = 1 << 20;

fn segment() -> Segment {
    Segment::new(Release::LATEST, SIZE).unwrap()
}

fn content(segment: &mut Segment) -> Vec<u8> {
    let mut bytes = vec![0; SIZE];
    rustix::io::pread(segment.memfd(), &mut bytes, 0).unwrap();
    bytes
}

#[test]
fn deleted_interfaces_take_no_memory() {
    let mut segment = segment();
    let mut used = Vec::new();
    for round in 0..500 {
        let order = [5, 3, 9, 1, 7, 2, 8, 4, 6, 10];
        for index in order {
            segment.add_interface(index, &format!("memif{round:04}/{index}"));
        }
        for index in order.iter().rev() {
            segment.remove_interface(*index);
        }
        used.push(segment.used());
    }
    used.dedup();
    assert_eq!(used.len(), 1, "{used:?}");
}

#[test]
fn an_interface_costs_the_same_however_many_exist() {
    let mut table = Table::new(Memory::new(64 << 20).unwrap(), true);
    let mut interfaces = interfaces::Interfaces::add_to(&mut table).unwrap();
    table.memory().commit().unwrap();
    let mut written = |range: std::ops::Range<u32>| {
        let bytes = range.map(|index| {
            let name = format!("loop{index}");
            interfaces.create(&mut table, index, &name).unwrap();
            let bytes = table.memory().pending();
            table.memory().commit().unwrap();
            bytes
        });
        bytes.sum::<usize>()
    };
    let (first, second) = (written(0..1000), written(1000..2000));
    assert!(second < first * 2, "{first} bytes, then {second}");
}

#[test]
fn a_full_segment_keeps_its_content_and_reports_it() {
    let mut segment = segment();
    let mut before = Vec::new();
    let count = (0..).find(|index| {
        before = content(&mut segment);
        segment.add_interface(*index, &format!("loop{index}"));
        segment.set_interface(*index).is_err()
    });
    assert!(count.unwrap() > 80, "{count:?}");
    assert!(
        content(&mut segment) == before,
        "a part of an update is visible"
    );
    let error = segment.set_interface(0).unwrap_err().to_string();
    assert_eq!(
        error,
        "the stats segment no longer changes: 1048576 bytes are too few, 524288 more are needed \
         (a real VPP aborts): configure a larger stats segment"
    );
    segment.remove_interface(0);
    segment.collect();
    segment.bump_epoch();
    segment.set_in_progress(true);
    assert!(content(&mut segment) == before);
}

#[test]
fn the_default_size_holds_thousands_of_interfaces() {
    let mut segment = Segment::new(Release::LATEST, 32 << 20).unwrap();
    for index in 0..3400 {
        segment.add_interface(index, &format!("memif{index}/0"));
    }
    segment.set_interface(3399).unwrap();
}

#[test]
fn a_size_out_of_range_is_refused() {
    for size in [0, 4096, (128 << 10) - 1, usize::MAX] {
        let error = Segment::new(Release::LATEST, size).unwrap_err().to_string();
        assert!(error.contains("is out of range (131072 to"), "{error}");
    }
    Segment::new(Release::LATEST, 128 << 10).unwrap();
}

#[test]
fn every_smaller_segment_is_full_instead_of_a_panic() {
    let fill = |size: usize| -> Result<(), Full> {
        let mut table = Table::new(Memory::new(size).unwrap(), true);
        system::add(&mut table, Release::LATEST)?;
        interfaces::Interfaces::add_to(&mut table)?;
        system::add_nodes(&mut table)?;
        system::collect(&mut table, Duration::ZERO);
        Ok(())
    };
    let smallest = (1..256).find(|pages| fill(pages * 512 + 4096).is_ok());
    assert!(smallest.unwrap() * 512 < (128 << 10), "{smallest:?}");
}

impl Segment {
    fn set_interface(&mut self, sw_if_index: u32) -> Result<(), StatsError> {
        self.change_interface(sw_if_index, InterfaceCounter::Rx, Change::Set, 1, 2)
    }
}
