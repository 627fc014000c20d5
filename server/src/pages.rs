//! Where the router hands over to the pages: routes and server functions that `app` declares.

use app::OwnPages;
use axum::{Router, body::Body, extract::Request, response::Response};
use http::StatusCode;
use leptos::{config::LeptosOptions, prelude::provide_context};
use leptos_axum::{LeptosRoutes as _, generate_route_list, render_app_to_stream_with_context};
use usecases::Deps;

/// All pages, and a page for every other path.
pub fn router(deps: Deps) -> Router {
    let options = LeptosOptions::builder().output_name("visage").site_pkg_dir("pkg").build();
    let routes = generate_route_list(app::App);
    let own_pages = OwnPages::listed(routes.iter().map(|route| route.path()));
    let context = move || {
        provide_context(deps.clone());
        provide_context(own_pages.clone());
    };
    let shell = {
        let options = options.clone();
        move || app::shell(options.clone())
    };
    let not_found = {
        let render = render_app_to_stream_with_context(context.clone(), shell.clone());
        async move |request: Request<Body>| {
            let mut response: Response = render(request).await;
            if response.status() == StatusCode::OK {
                *response.status_mut() = StatusCode::NOT_FOUND;
            }
            response
        }
    };
    Router::new().leptos_routes_with_context(&options, routes, context, shell).fallback(not_found).with_state(options)
}
