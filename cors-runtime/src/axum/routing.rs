//! Mirrors of the functions of [`axum::routing`], for annotated handlers and plain ones.

use std::convert::Infallible;

use axum::extract::Request;
use axum::response::IntoResponse;
use tower_service::Service;

pub use axum::routing::MethodFilter;

use super::handler::CorsHandler;
pub use super::router::MethodRouter;

/// Serves the methods of the filter by that handler.
///
/// # Panics
///
/// If the handler's policy lists `methods` and not this one.
#[track_caller]
pub fn on<H, M, S>(filter: MethodFilter, handler: H) -> MethodRouter<S>
where
    H: CorsHandler<M, S>,
    S: Clone + Send + Sync + 'static,
{
    MethodRouter::new().on(filter, handler)
}

/// Serves the methods of the filter by that service, which has no policy.
#[track_caller]
pub fn on_service<T, S>(filter: MethodFilter, service: T) -> MethodRouter<S>
where
    T: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
    T::Response: IntoResponse + 'static,
    T::Future: Send + 'static,
    S: Clone + Send + Sync + 'static,
{
    MethodRouter::new().on_service(filter, service)
}

/// Serves every method by that handler. Without `methods` its policy allows GET, HEAD and POST;
/// list more if pages send more.
pub fn any<H, M, S>(handler: H) -> MethodRouter<S>
where
    H: CorsHandler<M, S>,
    S: Clone + Send + Sync + 'static,
{
    MethodRouter::any(handler)
}

/// Serves every method by that service, which has no policy.
pub fn any_service<T, S>(service: T) -> MethodRouter<S>
where
    T: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
    T::Response: IntoResponse + 'static,
    T::Future: Send + 'static,
    S: Clone + Send + Sync + 'static,
{
    MethodRouter::any_service(service)
}

macro_rules! top_level {
    ($($name:ident, $service:ident, $method:literal;)*) => {
        $(
            #[doc = concat!("Serves ", $method, " by that handler.")]
            ///
            /// # Panics
            ///
            /// If the handler's policy lists `methods` and not this one.
            #[track_caller]
            pub fn $name<H, M, S>(handler: H) -> MethodRouter<S>
            where
                H: CorsHandler<M, S>,
                S: Clone + Send + Sync + 'static,
            {
                MethodRouter::new().$name(handler)
            }

            #[doc = concat!("Serves ", $method, " by that service, which has no policy.")]
            #[track_caller]
            pub fn $service<T, S>(service: T) -> MethodRouter<S>
            where
                T: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
                T::Response: IntoResponse + 'static,
                T::Future: Send + 'static,
                S: Clone + Send + Sync + 'static,
            {
                MethodRouter::new().$service(service)
            }
        )*
    };
}

top_level! {
    get, get_service, "GET, and HEAD unless that has a handler of its own,";
    head, head_service, "HEAD";
    post, post_service, "POST";
    put, put_service, "PUT";
    patch, patch_service, "PATCH";
    delete, delete_service, "DELETE";
    options, options_service, "OPTIONS that is no preflight";
    trace, trace_service, "TRACE";
    connect, connect_service, "CONNECT";
}
