//! A policy with prepared header values.

use crate::policy::{Methods, Policy, SAFELISTED_METHODS};
use crate::protocol::{AllowMethods, CorsResponse, OriginVerdict, PreflightHeaders, Value, decide};
use crate::request::RequestView;

/// A policy where it is mounted, with prepared header values.
#[derive(Debug)]
pub(crate) struct MountedPolicy<V> {
    pub(crate) policy: &'static Policy,
    /// `None` allows every method.
    methods: Option<Vec<&'static str>>,
    headers: PreflightHeaders<V>,
}

impl<V: Value> MountedPolicy<V> {
    /// Creates the policy of a handler on its path.
    #[cfg(any(feature = "actix-web", feature = "axum"))]
    pub(crate) fn new(
        policy: &'static Policy,
        methods: Option<Vec<&'static str>>,
        forbids_caching: bool,
    ) -> Self {
        let max_age = if forbids_caching {
            Some("0")
        } else {
            policy.0.max_age
        };
        Self::with_methods(policy, methods, max_age)
    }

    /// Creates the policy of a service whose methods are not registered: its preflights allow the
    /// methods of the policy, or else the safelisted ones.
    pub(crate) fn unregistered(policy: &'static Policy) -> Self {
        let methods = match policy.0.methods {
            Methods::Default => Some(SAFELISTED_METHODS.to_vec()),
            Methods::Any => None,
            Methods::List { names, .. } => Some(names.to_vec()),
        };
        Self::with_methods(policy, methods, policy.0.max_age)
    }

    fn with_methods(
        policy: &'static Policy,
        methods: Option<Vec<&'static str>>,
        max_age: Option<&'static str>,
    ) -> Self {
        let joined = match &methods {
            Some(methods) => join(methods),
            None => Some(V::from_static("*")),
        };
        Self {
            policy,
            methods,
            headers: PreflightHeaders::new(policy, joined, max_age),
        }
    }

    /// Decides a preflight.
    pub(crate) fn preflight<R: RequestView<Value = V>>(
        &self,
        verdict: OriginVerdict,
        request: &R,
    ) -> CorsResponse<'_, V> {
        let methods = self.methods.as_deref();
        let methods = methods.map_or(AllowMethods::Any, AllowMethods::Names);
        decide::preflight(self.policy, methods, &self.headers, verdict, request)
    }
}

fn join<V: Value>(names: &[&str]) -> Option<V> {
    let value = (!names.is_empty()).then(|| names.join(", "))?;
    V::from_bytes(value.as_bytes())
}
