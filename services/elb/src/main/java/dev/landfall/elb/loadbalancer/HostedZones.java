package dev.landfall.elb.loadbalancer;

import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerTypeEnum;

/** The Route 53 zones that AWS's load balancers are named in (AWS General Reference, ELB endpoints and quotas). */
public final class HostedZones {
    private record Zones(String application, String network) {}

    private HostedZones() {}

    public static String of(String region, LoadBalancerTypeEnum type) {
        Zones zones = zones(region);
        return type == LoadBalancerTypeEnum.APPLICATION ? zones.application : zones.network;
    }

    private static Zones zones(String region) {
        return switch (region) {
            case "us-east-2" -> new Zones("Z3AADJGX6KTTL2", "ZLMOA37VPKANP");
            case "us-west-1" -> new Zones("Z368ELLRRE2KJ0", "Z24FKFUX50B4VW");
            case "us-west-2" -> new Zones("Z1H1FL5HABSF5", "Z18D5FSROUN65G");
            case "ca-central-1" -> new Zones("ZQSVJUPU6J1EY", "Z2EPGBW3API2WT");
            case "eu-central-1" -> new Zones("Z215JYRZR1TBD5", "Z3F0SRJ5LGBH90");
            case "eu-west-1" -> new Zones("Z32O12XQLNTSW2", "Z2IFOLAFXWLO4F");
            case "eu-west-2" -> new Zones("ZHURV8PSTC4K8", "ZD4D7Y8KGAS4G");
            case "eu-west-3" -> new Zones("Z3Q77PNBQS71R4", "Z1CMS0P5QUZ6D5");
            case "ap-northeast-1" -> new Zones("Z14GRHDCWA56QT", "Z31USIVHYNEOWT");
            case "ap-south-1" -> new Zones("ZP97RAFLXTNZK", "ZVDDRBQ08TROA");
            case "ap-southeast-1" -> new Zones("Z1LMS91P8CMLE5", "ZKVM4W9LS7TM");
            case "ap-southeast-2" -> new Zones("Z1GM3OXH4ZPM65", "ZCT6FZBF4DROD");
            case "sa-east-1" -> new Zones("Z2P70J7HTTTPLU", "ZTK26PT1VY4CU");
            default -> new Zones("Z35SXDOTRQ7X7K", "Z26RNL4JYFTOTI"); // us-east-1's
        };
    }
}
