/// Lists the items.
/**
| CORS policy | |
|---|---|
| origins | `https://app.example.com` |
| methods | the method of the route |
| headers | safelisted |
| expose | safelisted |
| credentials | no |
| max age | not sent |
| enforce | no |
| hosts | any |*/
#[allow(
    missing_copy_implementations,
    missing_debug_implementations,
    non_camel_case_types,
    clippy::exhaustive_structs
)]
pub(crate) struct list;
impl ::cors_runtime::__private::actix_web::HttpServiceFactory for list {
    #[allow(clippy::missing_inline_in_public_items)]
    fn register(
        self,
        __cors_config: &mut ::cors_runtime::__private::actix_web::AppService,
    ) {
        enum __CorsPolicy {}
        impl ::cors_runtime::__private::HasPolicy for __CorsPolicy {
            const HANDLER: &'static str = ::core::concat!(
                ::core::module_path!(), "::", ::core::stringify!(list)
            );
            const WANTS_CONTENT_TYPE: bool = false;
            fn policy() -> &'static ::cors_runtime::Policy {
                {
                    static __CORS_POLICY: ::cors_runtime::Policy = ::cors_runtime::__private::policy(
                        ::core::concat!(::core::file!(), ":", ::core::line!()),
                        ::cors_runtime::__private::origins(
                            &["https://app.example.com"],
                            &[],
                        ),
                        ::cors_runtime::__private::Methods::Default,
                        ::cors_runtime::__private::headers(&[], ""),
                        "",
                        false,
                        "",
                        false,
                    );
                    &__CORS_POLICY
                }
            }
        }
        #[allow(unused_imports)]
        use get as _;
        /// Lists the items.
        #[tracing::instrument]
        /**
| CORS policy | |
|---|---|
| origins | `https://app.example.com` |
| methods | the method of the route |
| headers | safelisted |
| expose | safelisted |
| credentials | no |
| max age | not sent |
| enforce | no |
| hosts | any |*/
        async fn list(id: web::Path<u32>) -> Result<impl Responder, Error> {
            Ok(id.to_string())
        }
        ::cors_runtime::__private::actix_web::mount(
            __cors_config,
            ::cors_runtime::__private::actix_web::Route {
                path: "/items/{id}",
                name: "items",
                methods: &["GET"],
                guards: ::std::vec![::cors_runtime::__private::actix_web::guard(by_host)],
            },
            ::cors_runtime::__private::actix_web::annotation::<__CorsPolicy>(),
            ::cors_runtime::__private::actix_web::wrap(
                Compress::default(),
                ::cors_runtime::__private::actix_web::endpoint(list),
            ),
        );
    }
}
