package dev.landfall.sim;

final class SeedMain {
    public static void main(String[] a) {
        System.setProperty("from", a[0]);
        System.setProperty("seeds", a.length > 1 ? a[1] : "1");
        new SeedsTest().runs();
    }
}
