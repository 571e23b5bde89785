//! What a [`CorsLayer`](crate::tower::CorsLayer) and the annotated handlers inside of it tell each other.

use std::ops::Deref;
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::Request;

use crate::policy::Policy;

/// A policy that a layer can hold: a `&'static Policy`, a `Policy`, or an `Arc` of one.
#[derive(Clone, Debug)]
pub struct SharedPolicy(Holder);

#[derive(Clone, Debug)]
enum Holder {
    Static(&'static Policy),
    Shared(Arc<Policy>),
}

impl From<&'static Policy> for SharedPolicy {
    fn from(policy: &'static Policy) -> Self {
        Self(Holder::Static(policy))
    }
}

impl From<Policy> for SharedPolicy {
    fn from(policy: Policy) -> Self {
        Arc::new(policy).into()
    }
}

impl From<Arc<Policy>> for SharedPolicy {
    fn from(policy: Arc<Policy>) -> Self {
        Self(Holder::Shared(policy))
    }
}

impl Deref for SharedPolicy {
    type Target = Policy;

    fn deref(&self) -> &Policy {
        match &self.0 {
            Holder::Static(policy) => policy,
            Holder::Shared(policy) => policy,
        }
    }
}

/// In the extensions of a request, and not of its response: it survives middleware that makes a new response, and errors.
#[derive(Clone, Debug)]
pub(crate) struct Outer(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// By which a preflight of this request is answered.
    judge: SharedPolicy,
    /// Whether a policy inside has spoken for the response.
    answered: AtomicBool,
}

impl Outer {
    pub(crate) fn new(judge: SharedPolicy) -> Self {
        Self(Arc::new(Shared {
            judge,
            answered: AtomicBool::new(false),
        }))
    }

    /// Tells the layer around, if there is one, to leave the response alone.
    pub(crate) fn hand_over<B>(request: &Request<B>) {
        if let Some(Self(shared)) = request.extensions().get() {
            // Read by the future that the inner one is polled from.
            shared.answered.store(true, Ordering::Release);
        }
    }

    pub(crate) fn is_answered(&self) -> bool {
        self.0.answered.load(Ordering::Acquire)
    }

    /// Whether somebody around answers the preflights for this policy by another one.
    pub(crate) fn judges_instead_of<B>(policy: &Policy, request: &Request<B>) -> bool {
        let outer = request.extensions().get::<Self>();
        outer.is_some_and(|Self(shared)| !ptr::eq(&raw const *shared.judge, policy))
    }
}
