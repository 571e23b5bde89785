#[utoipa::path(get, path = "/items/{id}")]
#[crate::cors_runtime::axum::cors(origins = "*", crate = crate::cors_runtime)]
/// Shows an item.
#[debug_handler]
async fn show(Path(id): Path<u32>) -> String {
    id.to_string()
}
