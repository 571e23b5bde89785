//! The middleware for apps, scopes and resources.

use std::future::Ready;

use actix_web::Error;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};

use super::middleware::{Around, Judged};
use super::outermost::Outermost;
use crate::policy::Policy;

/// CORS outside of auth, and the policy for what has none of its own: a middleware for [`App`](actix_web::App),
/// [`Scope`](actix_web::Scope) and [`Resource`](actix_web::Resource).
#[derive(Clone)]
pub struct Cors(Outermost);

impl Cors {
    /// Answers the preflights of annotated handlers in front of the middlewares that it stands outside of, and makes what
    /// those answer readable.
    pub fn outermost() -> Self {
        Self(Outermost::new(None))
    }

    /// [`outermost`](Self::outermost), with a policy for everything that has none of its own.
    ///
    /// # Panics
    ///
    /// If a list that the policy names is not [ready](Policy::ready), and if it has an `ask(..)`: a request here cannot wait
    /// for an answer.
    #[track_caller]
    pub fn new(default: &'static Policy) -> Self {
        default.expect_ready("`Cors::new`");
        assert!(
            !default.asks(),
            "`ask(..)` is not for actix-web: the policy at {} has one; name a function that answers at once, or an \
             `OriginList` that a task keeps fresh",
            default.location()
        );
        Self(Outermost::new(Some(default)))
    }
}

impl<S, B> Transform<S, ServiceRequest> for Cors
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    S::Future: 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Transform = Judged<S, Outermost>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        Around(self.0.clone()).new_transform(inner)
    }
}
