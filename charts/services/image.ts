import type { ComponentProps } from '../component.js';

/** Tag of the images of this version of the kit. */
const TAG = '0.1.0';

/** The image that the config names, else that of the registry which the kit makes. */
export function imageOf({ plan, outputs }: ComponentProps, service: string): string {
  const { services, web } = plan.config;
  const named = { transcriber: services.transcriber, images: services.images, thread: services.thread, web }[
    service
  ];
  const registry = `${outputs.account}.dkr.ecr.${plan.region}.amazonaws.com`;
  return named?.image ?? `${registry}/${plan.names.repository(service)}:${TAG}`;
}
