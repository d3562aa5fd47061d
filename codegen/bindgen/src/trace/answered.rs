use vpp_dynamic::Codec;

use super::source::TraceSource;
use super::step::Step;

/// The number of requests before the end or a cut of a trace, and whether it has answers.
///
/// The error of a cut is left to the reader that follows.
pub fn count_requests(mut source: TraceSource, codec: &Codec) -> (u64, bool) {
    let table = source.table().clone();
    let (mut requests, mut has_answers) = (0, false);
    while let Ok(Some(record)) = source.next_record() {
        match Step::of(codec, &table, &record) {
            Step::Request(_) => requests += 1,
            Step::Answer(key) => {
                let definition = codec.definition(key).ok();
                has_answers |= definition.is_some_and(|it| it.event.is_none());
            }
            Step::PingReply | Step::Skipped(_) => {}
        }
    }
    (requests, has_answers)
}
