/**
| CORS policy | |
|---|---|
| origins | `*` |
| methods | the method of the route |
| headers | safelisted |
| expose | safelisted |
| credentials | no |
| max age | not sent |
| enforce | no |
| hosts | any |*/
pub fn list(
    __cors_0: web::Data<Db>,
    page: web::Query<Page>,
) -> impl ::cors_runtime::actix_web::MountWithCorsResource<Output = impl Responder> {
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
                    ::cors_runtime::__private::Origins::Any,
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
    ::cors_runtime::__private::actix_web::annotate::<
        __CorsPolicy,
        _,
    >(async move {
        if false {
            return ::cors_runtime::__private::never::<_>();
        }
        let __cors_0 = __cors_0;
        #[allow(
            clippy::no_effect_underscore_binding,
            clippy::shadow_same,
            clippy::used_underscore_binding
        )]
        let mut page = page;
        page.clamp();
        format!("{page:?}")
    })
}
