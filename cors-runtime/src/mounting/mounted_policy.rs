//! A policy with prepared header values.

use crate::policy::{Methods, Policy, SAFELISTED_METHODS};
#[cfg(any(feature = "actix-web", feature = "tower"))]
use crate::protocol::ResponseHeader;
use crate::protocol::{
    AllowHeaders, AllowMethods, CorsResponse, OriginVerdict, PreparedPolicy, ResponseHeaders,
    Value, decide, preflight_headers,
};
use crate::request::RequestView;

/// A policy where it is mounted, with prepared header values.
#[derive(Debug)]
pub(crate) struct MountedPolicy<H: ResponseHeaders> {
    pub(crate) prepared: PreparedPolicy<H::Value>,
    /// `None` allows every method.
    methods: Option<Vec<&'static str>>,
    allow_headers: AllowHeaders,
    /// The headers of an allowed preflight.
    preflight: H,
}

impl<H: ResponseHeaders> MountedPolicy<H> {
    pub(crate) fn policy(&self) -> &'static Policy {
        self.prepared.policy
    }

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

    /// Creates the policy of a service whose methods are not registered. Its preflights allow the
    /// methods of the policy, or the safelisted methods without `methods`.
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
            // With credentials, a preflight repeats the requested method instead.
            None => Some(H::Value::from_static("*")),
        };
        Self {
            prepared: PreparedPolicy::new(policy),
            methods,
            allow_headers: AllowHeaders::from(&policy.0.headers),
            preflight: preflight_headers(policy, joined, max_age),
        }
    }

    /// Decides a preflight.
    pub(crate) fn preflight(
        &self,
        verdict: OriginVerdict,
        request: &impl RequestView<Value = H::Value>,
    ) -> CorsResponse<H> {
        let methods = self.methods.as_deref();
        let methods = methods.map_or(AllowMethods::Any, AllowMethods::Names);
        let (policy, allow_headers) = (self.policy(), &self.allow_headers);
        let headers = &self.preflight;
        decide::preflight(policy, methods, allow_headers, headers, verdict, request)
    }

    /// Decides a preflight for a path whose other methods may have other policies.
    ///
    /// A browser caches the methods and headers of a preflight for the whole path (Fetch,
    /// "CORS-preflight cache"). So the response lists only the requested method, and forbids
    /// caching.
    #[cfg(any(feature = "actix-web", feature = "tower"))]
    pub(crate) fn preflight_of_shared_path(
        &self,
        verdict: OriginVerdict,
        request: &impl RequestView<Value = H::Value>,
    ) -> CorsResponse<H> {
        let mut response = self.preflight(verdict, request);
        if let CorsResponse::PreflightAllowed(headers) = &mut response {
            let method = request.requested_method().value().cloned();
            headers.set(ResponseHeader::AllowMethods, method);
            headers.insert(ResponseHeader::MaxAge, H::Value::from_static("0"));
        }
        response
    }
}

fn join<V: Value>(names: &[&str]) -> Option<V> {
    let value = (!names.is_empty()).then(|| names.join(", "))?;
    V::from_bytes(value.as_bytes())
}
