/// The records that a ring buffer holds, per thread.
///
/// A producer overwrites its oldest record. The records here were complete when they were copied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ring {
    pub(crate) entry_size: usize,
    pub(crate) schema_version: u32,
    pub(crate) schema: Vec<u8>,
    pub(crate) threads: Vec<RingThread>,
    pub(crate) data: Vec<u8>,
}

/// The records of one thread in [`Ring::data`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RingThread {
    /// The number of the first record that is present.
    pub(crate) first: u64,
    /// The number of records that are present.
    pub(crate) len: usize,
    /// Where the first record is in the data.
    pub(crate) start: usize,
}

/// A record of a [`Ring`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    /// The number of the record: the producer has written this many before it.
    pub sequence: u64,
    /// The bytes of the record.
    pub data: &'a [u8],
}

impl Ring {
    /// The size of one record in bytes.
    #[must_use]
    pub fn entry_size(&self) -> usize {
        self.entry_size
    }

    /// The version of the schema, as its producer numbers it.
    #[must_use]
    pub fn schema_version(&self) -> u32 {
        self.schema_version
    }

    /// The description of a record, in a format that the producer chooses. The only producer in
    /// VPP 26.06 (`plugins/sasc/export.c`) uses CBOR. It is empty if there is none.
    #[must_use]
    pub fn schema(&self) -> &[u8] {
        &self.schema
    }

    /// The number of threads.
    #[must_use]
    pub fn threads_len(&self) -> usize {
        self.threads.len()
    }

    /// The number of records that a thread has written since VPP started. A difference between
    /// this number and the number of the last record that was seen shows lost records.
    #[must_use]
    pub fn written(&self, thread: usize) -> u64 {
        self.threads
            .get(thread)
            .map_or(0, |thread| thread.first.saturating_add(thread.len as u64))
    }

    /// The records of a thread, oldest first.
    pub fn records(&self, thread: usize) -> impl Iterator<Item = Record<'_>> {
        let (first, len, start) = self
            .threads
            .get(thread)
            .map_or((0, 0, 0), |it| (it.first, it.len, it.start));
        let size = self.entry_size;
        (0..len).map_while(move |index| {
            let start = start.checked_add(index.checked_mul(size)?)?;
            Some(Record {
                sequence: first.wrapping_add(index as u64),
                data: self.data.get(start..start.checked_add(size)?)?,
            })
        })
    }

    pub(crate) fn clear(&mut self) {
        self.entry_size = 0;
        self.schema_version = 0;
        self.schema.clear();
        self.threads.clear();
        self.data.clear();
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Ring {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;

        let mut threads = Vec::new();
        for thread in 0..self.threads_len() {
            let records: Vec<_> = self
                .records(thread)
                .map(|it| (it.sequence, it.data))
                .collect();
            threads.push(records);
        }
        let mut ring = serializer.serialize_struct("Ring", 4)?;
        ring.serialize_field("entry_size", &self.entry_size)?;
        ring.serialize_field("schema_version", &self.schema_version)?;
        ring.serialize_field("schema", &self.schema)?;
        ring.serialize_field("threads", &threads)?;
        ring.end()
    }
}
