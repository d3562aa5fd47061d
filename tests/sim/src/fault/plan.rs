use super::{Fault, FaultRule};

/// The fault rules of a simulator.
#[derive(Debug, Default)]
pub(crate) struct FaultPlan {
    rules: Vec<FaultRule>,
}

impl FaultPlan {
    pub(crate) fn new(rules: Vec<FaultRule>) -> Self {
        Self { rules }
    }

    pub(crate) fn add(&mut self, rule: FaultRule) {
        self.rules.push(rule);
    }

    pub(crate) fn clear(&mut self) {
        self.rules.clear();
    }

    /// The fault that applies to this message. It comes from the first rule that matches, and
    /// counts as one use of the rule.
    pub(crate) fn take(&mut self, message: &str) -> Option<Fault> {
        if self.rules.is_empty() {
            return None;
        }
        for rule in &mut self.rules {
            let is_of_table = matches!(rule.fault, Fault::Hide | Fault::Crc(_));
            if is_of_table || rule.times == Some(0) || !rule.matches(message) {
                continue;
            }
            if rule.after > 0 {
                rule.after -= 1;
                continue;
            }
            if let Some(times) = &mut rule.times {
                *times -= 1;
            }
            return Some(rule.fault.clone());
        }
        None
    }

    /// Whether the message table lacks the message.
    pub(crate) fn hides(&self, message: &str) -> bool {
        let request = message.strip_suffix("_reply").unwrap_or(message);
        let mut rules = self.rules.iter();
        rules.any(|rule| {
            rule.fault == Fault::Hide && (rule.message == message || rule.message == request)
        })
    }

    /// The CRC that the message table shows instead of the message's own.
    pub(crate) fn crc(&self, message: &str) -> Option<u32> {
        self.rules.iter().find_map(|rule| match rule.fault {
            Fault::Crc(crc) if rule.message == message => Some(crc),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_waits_for_after_and_ends_with_times() {
        let rule = FaultRule::new("a", Fault::Drop).after(1).times(1);
        let mut plan = FaultPlan::new(vec![rule]);
        assert_eq!(plan.take("b"), None);
        let taken: Vec<_> = (0..3).map(|_| plan.take("a")).collect();
        assert_eq!(taken, [None, Some(Fault::Drop), None]);
    }

    #[test]
    fn the_first_remaining_rule_applies() {
        let mut plan = FaultPlan::new(vec![
            FaultRule::new("a", Fault::Lose).times(1),
            FaultRule::new("*", Fault::Drop),
        ]);
        assert_eq!(plan.take("a"), Some(Fault::Lose));
        assert_eq!(plan.take("a"), Some(Fault::Drop));
        plan.clear();
        assert_eq!(plan.take("a"), None);
    }

    #[test]
    fn faults_of_the_message_table_do_not_apply_to_requests() {
        let mut plan = FaultPlan::new(vec![
            FaultRule::new("a", Fault::Hide),
            FaultRule::new("b", Fault::Crc(7)),
        ]);
        assert!(plan.hides("a") && plan.hides("a_reply") && !plan.hides("b"));
        assert_eq!(plan.crc("b"), Some(7));
        assert_eq!(plan.take("a"), None);
    }
}
