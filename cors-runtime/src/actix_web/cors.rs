//! The middleware for apps, scopes and resources.

use std::future::Ready;

use actix_web::Error;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};

use super::middleware::{AppCors, CorsMiddleware, CorsService};
use crate::policy::Policy;

/// Adds CORS outside of auth, and a default policy for handlers without a policy: a middleware for
/// [`App`](actix_web::App), [`Scope`](actix_web::Scope) and [`Resource`](actix_web::Resource).
///
/// Add this middleware after every `.wrap(auth)`, since the last `wrap` is the outermost. When the
/// middleware answers a preflight, no handler and no inner middleware runs. Every other request
/// goes on to auth. The [module](super) lists the conditions for an answer, and the limitations.
///
/// An actual request does not cost a search for its handler, unless a policy of the app has
/// `enforce` or `ask(..)`.
#[derive(Clone)]
pub struct Cors(AppCors);

impl Cors {
    /// Answers the preflights of annotated handlers before inner middlewares run. Refuses the
    /// requests that the handlers refuse by `enforce`. Adds the headers of the handlers to
    /// responses of inner middlewares, such as a 401.
    pub fn outermost() -> Self {
        Self(AppCors::new(None))
    }

    /// Does the same as [`outermost`](Self::outermost), with a default policy for every inner
    /// endpoint without its own policy: plain handlers, and paths that no handler serves. The
    /// methods of a plain handler are not known: the `methods` of the default policy decide, or
    /// GET, HEAD and POST without `methods`.
    ///
    /// The policy of an annotated handler replaces the default policy. On a path with annotated
    /// handlers, a preflight by the default policy allows only the requested method, and browsers
    /// do not keep it.
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
    /// Panics if a list that the policy names is not [ready](Policy::ready).
    #[track_caller]
    #[doc(alias("default", "permissive"))]
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
