//! Policies that are known only when a request selects them.

use std::ptr;
use std::sync::{Arc, PoisonError, RwLock};

use super::MountedPolicy;
use crate::policy::Policy;
use crate::protocol::ResponseHeaders;

/// The policies that requests have selected so far. Each one is prepared once.
pub(crate) struct PreparedPolicies<H: ResponseHeaders>(RwLock<Vec<Arc<MountedPolicy<H>>>>);

impl<H: ResponseHeaders> PreparedPolicies<H> {
    pub(crate) const fn new() -> Self {
        Self(RwLock::new(Vec::new()))
    }

    /// Returns a policy with prepared header values.
    pub(crate) fn get(&self, policy: &'static Policy) -> Arc<MountedPolicy<H>> {
        let find = |all: &[Arc<MountedPolicy<H>>]| {
            let mut all = all.iter();
            all.find(|it| ptr::eq(it.policy(), policy)).cloned()
        };
        // A panic cannot leave the list half changed.
        let known = find(&self.0.read().unwrap_or_else(PoisonError::into_inner));
        known.unwrap_or_else(|| {
            let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
            // Another request may have added the policy.
            find(&all).unwrap_or_else(|| {
                let prepared = Arc::new(MountedPolicy::unregistered(policy));
                all.push(Arc::clone(&prepared));
                prepared
            })
        })
    }
}
