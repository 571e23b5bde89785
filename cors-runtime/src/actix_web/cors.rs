//! The middleware for apps, scopes and resources.

use std::future::Ready;

use actix_web::Error;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};

use super::middleware::{AppCors, CorsMiddleware, CorsService};
use crate::policy::Policy;

/// CORS outside of auth, and a policy for what has none of its own: a middleware for
/// [`App`](actix_web::App), [`Scope`](actix_web::Scope) and [`Resource`](actix_web::Resource).
///
/// It goes behind every `.wrap(auth)`, since the last `wrap` is the outermost. It calls nobody for
/// a preflight that it answers, and what it does not answer goes in unchanged: it lets nobody past
/// auth. See the [module](super) for where it is not sure.
#[derive(Clone)]
pub struct Cors(AppCors);

impl Cors {
    /// Answers the preflights of annotated handlers in front of the middlewares that it stands
    /// outside of, refuses what they refuse by `enforce`, and puts their headers on what those
    /// middlewares answer, a 401 for one.
    pub fn outermost() -> Self {
        Self(AppCors::new(None))
    }

    /// [`outermost`](Self::outermost), with a policy for everything inside that has none of its
    /// own: plain handlers, and paths that nobody serves. Which methods those serve is not
    /// known: the `methods` of the policy decide, without them GET, HEAD and POST.
    ///
    /// A handler's own policy replaces it entirely.
    ///
    /// ```
    /// use actix_web::{App, HttpResponse, web};
    /// use cors_runtime::actix_web::Cors;
    /// use cors_runtime::{Policy, policy};
    ///
    /// static DEFAULT: Policy = policy! { origins = ["https://app.example.com"], methods = [PUT] };
    ///
    /// let app = App::new()
    ///     .route("/health", web::get().to(HttpResponse::Ok))
    ///     .wrap(Cors::new(&DEFAULT));
    /// # let _ = app;
    /// ```
    ///
    /// # Panics
    ///
    /// If a list that the policy names is not [ready](Policy::ready).
    #[track_caller]
    pub fn new(default: &'static Policy) -> Self {
        default.expect_ready("`Cors::new`");
        Self(AppCors::new(Some(default)))
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
    type Transform = CorsService<S, AppCors>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        CorsMiddleware(self.0.clone()).new_transform(inner)
    }
}
