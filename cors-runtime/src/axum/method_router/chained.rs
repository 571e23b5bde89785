//! The methods of [`MethodRouter`] that are named for an HTTP method.

use axum::extract::Request;
use axum::response::IntoResponse;
use axum::routing::MethodFilter;
use tower_service::Service;

use super::MethodRouter;
use crate::axum::handler::CorsHandler;

macro_rules! chained {
    ($($name:ident, $service:ident, $method:ident;)*) => {
        impl<S: Clone + Send + Sync + 'static> MethodRouter<S> {
            $(
                #[doc = concat!("Adds a handler for ", stringify!($method), ".")]
                ///
                /// # Panics
                ///
                /// Panics as [`on`](Self::on) does.
                #[track_caller]
                pub fn $name<H, M>(self, handler: H) -> Self
                where
                    H: CorsHandler<M, S>,
                {
                    self.on(MethodFilter::$method, handler)
                }
            )*
        }

        impl<S: Clone, E> MethodRouter<S, E> {
            $(
                #[doc = concat!("Adds a service for ", stringify!($method), ".")]
                ///
                /// # Panics
                ///
                /// Panics as [`on_service`](Self::on_service) does.
                #[track_caller]
                pub fn $service<T>(self, service: T) -> Self
                where
                    T: Service<Request, Error = E> + Clone + Send + Sync + 'static,
                    T::Response: IntoResponse + 'static,
                    T::Future: Send + 'static,
                {
                    self.on_service(MethodFilter::$method, service)
                }
            )*
        }
    };
}

chained! {
    get, get_service, GET;
    head, head_service, HEAD;
    post, post_service, POST;
    put, put_service, PUT;
    patch, patch_service, PATCH;
    delete, delete_service, DELETE;
    options, options_service, OPTIONS;
    trace, trace_service, TRACE;
    connect, connect_service, CONNECT;
}
