use super::registry::Progress;
use crate::shared::Inner;
use crate::shared::deliver::read_u32;

impl Inner {
    /// Hands an event to everyone who asked for it.
    pub(crate) fn deliver_event(&mut self, id: u16, payload: &[u8]) {
        self.counters.events += 1;
        let mut room = self.limits.memory.saturating_sub(self.memory());
        let mut taken = 0;
        let events = &mut self.events;
        let Some(route) = events.routes.get(&id) else {
            return;
        };
        let pid = route.pid_at.and_then(|at| read_u32(payload, at));
        let registration = pid.and_then(|pid| route.by_pid.get(&pid));
        // Where VPP does not echo the number, the fields of the event decide.
        let (one, all) = match registration {
            Some(one) => (Some(one), None),
            None => (None, Some(route.by_pid.values())),
        };
        let registrations = one.into_iter().chain(all.into_iter().flatten());
        let members = registrations
            .filter_map(|at| events.registrations.get(*at))
            .filter(|registration| one.is_some() || registration.request.selects(payload))
            .flat_map(|registration| &registration.members);
        for at in members.chain(&route.listeners) {
            let Some(subscriber) = events.subscribers.get_mut(*at) else {
                continue;
            };
            if matches!(subscriber.progress, Progress::Ended(_)) {
                continue;
            }
            let bytes = subscriber.queue.push(payload, room);
            if bytes == 0 {
                self.counters.events_lost += 1;
            }
            room -= bytes;
            taken += bytes;
            self.woken.extend(subscriber.waker.take());
        }
        self.hold(taken);
    }
}
