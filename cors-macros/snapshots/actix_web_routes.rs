#[cfg(unix)]
/**
CORS policy: `crate::SHARED`.*/
#[allow(
    missing_copy_implementations,
    missing_debug_implementations,
    non_camel_case_types,
    clippy::exhaustive_structs
)]
struct both;
#[cfg(unix)]
impl crate::reexported::__private::actix_web::HttpServiceFactory for both {
    #[allow(clippy::missing_inline_in_public_items)]
    fn register(
        self,
        __cors_config: &mut crate::reexported::__private::actix_web::AppService,
    ) {
        enum __CorsPolicy {}
        impl crate::reexported::__private::HasPolicy for __CorsPolicy {
            const HANDLER: &'static str = ::core::concat!(
                ::core::module_path!(), "::", ::core::stringify!(both)
            );
            const WANTS_CONTENT_TYPE: bool = false;
            fn policy() -> &'static crate::reexported::Policy {
                { &crate::SHARED }
            }
        }
        #[allow(unused_imports)]
        use routes as _;
        #[cfg(unix)]
        /**
CORS policy: `crate::SHARED`.*/
        async fn both() -> &'static str {
            "both"
        }
        crate::reexported::__private::actix_web::mount(
            __cors_config,
            crate::reexported::__private::actix_web::Route {
                path: "/one",
                name: "both",
                methods: &["OPTIONS"],
                guards: ::std::vec![],
            },
            crate::reexported::__private::actix_web::annotation::<__CorsPolicy>(),
            crate::reexported::__private::actix_web::endpoint(both),
        );
        crate::reexported::__private::actix_web::mount(
            __cors_config,
            crate::reexported::__private::actix_web::Route {
                path: "/two",
                name: "both",
                methods: &["PUT"],
                guards: ::std::vec![],
            },
            crate::reexported::__private::actix_web::annotation::<__CorsPolicy>(),
            crate::reexported::__private::actix_web::endpoint(both),
        );
    }
}
