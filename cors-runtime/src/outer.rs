//! What somebody around a service that is not known, a `CorsLayer` or a router with a default
//! policy, and the policies inside of it tell each other.

use std::ops::Deref;
use std::ptr;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use http::{Request, Response};

use crate::future::After;
use crate::http::Actual;
use crate::policy::Policy;

/// A policy that a layer can hold: static, owned or shared. What
/// [`CorsLayer::new`](crate::tower::CorsLayer::new) takes is one.
#[derive(Clone, Debug)]
#[cfg_attr(
    not(feature = "tower"),
    allow(unreachable_pub, reason = "the layer names it")
)]
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

/// It is made here, if it is not yet.
impl From<&'static LazyLock<Policy>> for SharedPolicy {
    fn from(policy: &'static LazyLock<Policy>) -> Self {
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

/// In the extensions of a request, and not of its response: so also what middleware answers in
/// place of a handler, after a panic or too long a time, gets the headers of that handler. One for
/// all layers around each other.
#[derive(Clone, Debug)]
pub(crate) struct Outer(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// By which a preflight of this request is answered: that of the outermost layer.
    judge: SharedPolicy,
    spoken: Mutex<Spoken>,
}

#[derive(Debug)]
struct Spoken {
    /// How many have spoken.
    turn: u32,
    /// Of the innermost policy that has seen the request. `None`: it has refused it, and its
    /// answer is left alone.
    actual: Option<Actual>,
}

impl Outer {
    /// For a layer that lets a request pass and has these headers for its response.
    pub(crate) fn enter<B>(request: &mut Request<B>, policy: SharedPolicy, actual: Actual) -> Self {
        // A layer around this one has been handed these headers already.
        if let Some(around) = request.extensions().get::<Self>() {
            return around.clone();
        }
        let outer = Self(Arc::new(Shared {
            judge: policy,
            spoken: Mutex::new(Spoken {
                turn: 0,
                actual: Some(actual),
            }),
        }));
        request.extensions_mut().insert(outer.clone());
        outer
    }

    /// Tells the layers around, if there are any, what goes onto the response in place of their
    /// own.
    pub(crate) fn hand_over<B>(request: &Request<B>, actual: Option<&Actual>) {
        if let Some(outer) = request.extensions().get::<Self>() {
            let mut spoken = outer.spoken();
            spoken.turn += 1;
            spoken.actual = actual.cloned();
        }
    }

    /// For [`settle`](Self::settle).
    #[cfg(feature = "tower")]
    pub(crate) fn turn(&self) -> u32 {
        self.spoken().turn
    }

    /// What a layer learns later, unless somebody further inside has spoken since.
    #[cfg(feature = "tower")]
    pub(crate) fn settle(&self, turn: u32, actual: Option<Actual>) {
        let mut spoken = self.spoken();
        if spoken.turn == turn {
            spoken.actual = actual;
        }
    }

    /// Whether somebody around answers the preflights for this policy by another one.
    pub(crate) fn judges_instead_of<B>(policy: &Policy, request: &Request<B>) -> bool {
        let outer = request.extensions().get::<Self>();
        outer.is_some_and(|Self(shared)| !ptr::eq(&raw const *shared.judge, policy))
    }

    /// What the innermost has said.
    pub(crate) fn said(&self) -> Option<Actual> {
        self.spoken().actual.clone()
    }

    fn spoken(&self) -> MutexGuard<'_, Spoken> {
        let spoken = self.0.spoken.lock();
        // It is only ever replaced as a whole.
        spoken.unwrap_or_else(PoisonError::into_inner)
    }
}

impl<B> After<Response<B>> for Outer {
    fn apply(self, response: &mut Response<B>) {
        if let Some(actual) = self.said() {
            actual.apply(response.headers_mut());
        }
    }
}
