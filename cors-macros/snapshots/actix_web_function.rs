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
                static __CORS_POLICY: ::cors_runtime::Policy = {
                    use ::cors_runtime::__private as __cors;
                    __cors::policy(__cors::PolicyData {
                        location: ::core::concat!(::core::file!(), ":", ::core::line!()),
                        origins: __cors::Origins::Any,
                        methods: __cors::Methods::Default,
                        headers: __cors::Headers::List {
                            names: &[],
                            joined: "",
                        },
                        expose: ::core::option::Option::None,
                        credentials: false,
                        max_age: ::core::option::Option::None,
                        enforce: false,
                    })
                };
                &__CORS_POLICY
            }
        }
    }
    ::cors_runtime::__private::actix_web::annotate::<
        __CorsPolicy,
        _,
    >(async move {
        #[allow(
            unknown_lints,
            unreachable_code,
            clippy::diverging_sub_expression,
            clippy::empty_loop,
            clippy::let_unit_value,
            clippy::let_with_type_underscore,
            clippy::needless_return,
            clippy::unreachable
        )]
        if false {
            let __cors_return: _ = loop {};
            return __cors_return;
        }
        let __cors_0 = __cors_0;
        #[allow(clippy::shadow_same, clippy::used_underscore_binding)]
        let mut page = page;
        page.clamp();
        format!("{page:?}")
    })
}
